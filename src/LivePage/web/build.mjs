// Bundles the page into ../wwwroot, or with --test bundles and runs the unit tests of its pure functions.
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, '..', 'wwwroot');

async function bundlePage() {
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  const result = await build({
    entryPoints: [join(here, 'src', 'main.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'linked',
    outdir: join(output, 'assets'),
    entryNames: '[name]-[hash]',
    metafile: true,
    logLevel: 'warning',
  });
  const files = Object.keys(result.metafile.outputs).map((file) => basename(file));
  const named = (suffix) => `assets/${files.find((file) => file.endsWith(suffix))}`;
  const html = (await readFile(join(here, 'src', 'index.html'), 'utf8')).replace('main.js', named('.js')).replace('main.css', named('.css'));
  await copyFile(join(here, 'src', 'icon.svg'), join(output, 'icon.svg'));
  // Written last: its time tells the build that everything else is there.
  await writeFile(join(output, 'index.html'), html);
}

async function runTests() {
  const folder = await mkdtemp(join(tmpdir(), 'curvature-page-'));
  try {
    const tests = (await readdir(join(here, 'test'))).filter((file) => file.endsWith('.test.ts'));
    await build({
      entryPoints: tests.map((file) => join(here, 'test', file)),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node18',
      outdir: folder,
      outExtension: { '.js': '.test.mjs' },
      logLevel: 'warning',
    });
    const bundles = (await readdir(folder)).map((file) => join(folder, file));
    return spawnSync(process.execPath, ['--test', ...bundles], { stdio: 'inherit' }).status ?? 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv.includes('--test')) {
  process.exitCode = await runTests();
} else {
  await bundlePage();
}
