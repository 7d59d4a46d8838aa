/**
 * Makes a check a program: what it throws is printed as a sentence, without a stack, and is exit code 1.
 *
 * @param {() => void} check
 */
export function runCheck(check) {
  try {
    check();
  } catch (error) {
    console.log(error.message);
    process.exitCode = 1;
  }
}
