declare const __VERSION__: string | undefined;

/** The package's version, written in by the build; sources that run unbuilt say so. */
export const version = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0-unbuilt';
