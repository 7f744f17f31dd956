/**
 * Builds lms/static/build from lms/assets: `npm run build`.
 *
 * Every file gets a name that carries the hash of its content, so it may be cached for ever;
 * manifest.json maps the plain name to the hashed one ({"app.css": "app-1a2b3c4d.css"}).
 * Text files get a .br and a .gz beside them, so the server never compresses on the fly.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import * as sass from 'sass';
import { tabularDigits } from './figures.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const out = join(root, 'lms', 'static', 'build');
const typeface = join(root, 'node_modules', '@fontsource', 'be-vietnam-pro', 'files');

const WEIGHTS = [400, 600];
const SUBSETS = ['vietnamese', 'latin', 'latin-ext'];
const STYLES = ['app', 'letter', 'player', 'authoring'];
const SCRIPTS = ['app', 'quiz', 'lesson', 'video', 'document', 'pdf-worker', 'package', 'player-scorm12', 'player-scorm2004', 'player-h5p', 'editor', 'outline', 'upload', 'attendance'];
const BROWSERS = ['chrome87', 'firefox90', 'safari15'];

// Bootstrap 5.3 is still written with @import; its warnings are for its authors, not for us.
const BOOTSTRAP_DEPRECATIONS = ['import', 'global-builtin', 'color-functions', 'if-function'];

const manifest = {};

function emit(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const extension = extname(name);
  const hashed = `${basename(name, extension)}-${hash}${extension}`;
  writeFileSync(join(out, hashed), bytes);
  if (['.css', '.js', '.svg'].includes(extension)) compress(hashed, bytes);
  manifest[name] = hashed;
}

function compress(name, bytes) {
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, brotli));
  writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}

function emitTypefaces() {
  for (const weight of WEIGHTS) {
    for (const subset of SUBSETS) {
      const file = `be-vietnam-pro-${subset}-${weight}`;
      emit(`${file}.woff2`, readFileSync(join(typeface, `${file}-normal.woff2`)));
    }
    const latin = readFileSync(join(typeface, `be-vietnam-pro-latin-${weight}-normal.woff`));
    emit(`figures-${weight}.woff`, tabularDigits(latin));
  }
}

function emitImages() {
  const images = join(here, 'images');
  for (const name of readdirSync(images)) emit(name, readFileSync(join(images, name)));
}

/** In Sass: src: built("figures-400.woff") gives url("figures-400-HASH.woff"). */
const builtFunction = {
  'built($name)': ([name]) => {
    const hashed = manifest[name.assertString().text];
    if (!hashed) throw new Error(`No built file named ${name}`);
    return new sass.SassString(`url("${hashed}")`, { quotes: false });
  },
};

function emitStyles() {
  for (const style of STYLES) {
    const compiled = sass.compile(join(here, 'scss', `${style}.scss`), {
      loadPaths: [join(root, 'node_modules')],
      functions: builtFunction,
      quietDeps: true,
      silenceDeprecations: BOOTSTRAP_DEPRECATIONS,
    });
    const { code } = esbuild.transformSync(compiled.css, { loader: 'css', minify: true, target: BROWSERS });
    emit(`${style}.css`, code);
  }
}

function emitScripts() {
  for (const script of SCRIPTS) {
    const { outputFiles } = esbuild.buildSync({
      entryPoints: [join(here, 'js', `${script}.js`)],
      bundle: true,
      write: false,
      minify: true,
      format: 'iife',
      target: BROWSERS,
    });
    emit(`${script}.js`, outputFiles[0].contents);
  }
}

/** H5P's own frame: scripts, styles and typefaces that name each other, kept together by version. */
function emitH5pPlayer() {
  const source = join(root, 'node_modules', 'h5p-standalone');
  const { version } = JSON.parse(readFileSync(join(source, 'package.json')));
  const folder = join('h5p-player', version);
  for (const name of readdirSync(join(source, 'dist'), { recursive: true, withFileTypes: true })) {
    if (!name.isFile() || !/\.(js|css|woff2?|svg|gif)$/.test(name.name)) continue;
    const path = join(folder, relative(join(source, 'dist'), name.parentPath), name.name);
    const bytes = readFileSync(join(name.parentPath, name.name));
    mkdirSync(join(out, dirname(path)), { recursive: true });
    writeFileSync(join(out, path), bytes);
    if (/\.(js|css)$/.test(path)) compress(path, bytes);
  }
  manifest['h5p-player'] = folder;
}

/** What pdf.js fetches for scanned pages (fax, JBIG2, JPEG 2000) only: decoders without WebAssembly. */
function emitPdfParts() {
  const source = join(root, 'node_modules', 'pdfjs-dist');
  const folder = join('pdf', JSON.parse(readFileSync(join(source, 'package.json'))).version);
  mkdirSync(join(out, folder), { recursive: true });
  for (const name of ['jbig2_nowasm_fallback.js', 'openjpeg_nowasm_fallback.js']) {
    const bytes = readFileSync(join(source, 'wasm', name));
    writeFileSync(join(out, folder, name), bytes);
    compress(join(folder, name), bytes);
  }
  manifest['pdf-parts'] = folder;
}

function report() {
  const sizes = [...STYLES.map((s) => `${s}.css`), ...SCRIPTS.map((s) => `${s}.js`)].map((name) => {
    const kilobytes = gzipSync(readFileSync(join(out, manifest[name])), { level: 9 }).length / 1024;
    return `${name} ${kilobytes.toFixed(1)} KB`;
  });
  console.log(`lms/static/build: ${sizes.join(', ')} (gzip)`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
emitTypefaces();
emitImages();
emitStyles();
emitScripts();
emitH5pPlayer();
emitPdfParts();
writeFileSync(join(out, 'manifest.json'), JSON.stringify(manifest, null, 2));
report();
