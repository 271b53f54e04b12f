import { join } from 'node:path'
import { build } from 'esbuild'

export interface Bundle {
  /** Below the repository's root. */
  readonly entry: string
  readonly outfile: string
}

/** One file each, minified: what a host loads is what it needs and nothing else. Same input, same bytes. */
export async function bundle(bundles: readonly Bundle[], options: { root: string; version: string }): Promise<void> {
  for (const { entry, outfile } of bundles) {
    await build({
      absWorkingDir: options.root,
      entryPoints: [entry],
      outfile: join(options.root, outfile),
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      minify: true,
      legalComments: 'none',
      logLevel: 'warning',
      define: { DROVER_VERSION: JSON.stringify(options.version) },
      // CommonJS packages inside an ES module still ask for `require`. The minifier does not know the name, and may take a short one itself.
      banner: {
        js: "import{createRequire as createBannerRequire}from'node:module';const require=createBannerRequire(import.meta.url);",
      },
    })
  }
}
