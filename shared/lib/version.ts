/** The version of this build: agents report it, the CLI prints it. `package.json` carries the same; a test compares them. */
export const VERSION = '0.1.0'
