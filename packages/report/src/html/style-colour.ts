import { css } from './safe-html.js';

/** Colours are chosen so that they differ for people who see some of them alike, and never stand alone. */
export const colourStyle = css`
  :root {
    color-scheme: light dark;
    --paper: #fcfcfa;
    --panel: #f4f4f0;
    --ink: #1c1d20;
    --muted: #585c64;
    --rule: #dcdcd5;
    --grid: #e4e4de;
    --good: #0b6348;
    --bad: #a83a00;
    --warn: #735000;
    --calm: #3f5069;
    --link: #0a5a8f;
    --succeeded: #2f7fb5;
    --failed: #d55e00;
    --cancelled: #878c95;
    --interrupted: #a6528a;
    --skipped: #b9bcc2;
    --running: #c98a00;
    --hatch: #fcfcfa;
    --before: #b26a00;
    --after: #0a6aa8;
    --band: #e9eef0;
    --s0: #0a6aa8;
    --s1: #c25400;
    --s2: #0b7a5a;
    --s3: #a04a86;
    --s4: #6b6f00;
  }
  @media screen and (prefers-color-scheme: dark) {
    :root {
      --paper: #141518;
      --panel: #1c1e22;
      --ink: #e9e9e5;
      --muted: #a7abb3;
      --rule: #35383e;
      --grid: #2a2d32;
      --good: #5fcaa4;
      --bad: #ff9d6b;
      --warn: #efc25e;
      --calm: #abbfda;
      --link: #7fbff0;
      --succeeded: #5aa9db;
      --failed: #f0803a;
      --cancelled: #8f959e;
      --interrupted: #cc79a7;
      --skipped: #5d626a;
      --running: #e4b03b;
      --hatch: #141518;
      --before: #f0b050;
      --after: #66b5ec;
      --band: #23292e;
      --s0: #66b5ec;
      --s1: #f79256;
      --s2: #5fcaa4;
      --s3: #da92bd;
      --s4: #cfd060;
    }
  }
`;
