// Builds what the browser loads into piste/ui/static/built: one script with lazy chunks, one style sheet,
// the fonts, the icon sprite, and manifest.json, which tells the server their hashed names.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import esbuild from "esbuild";
import subsetFont from "subset-font";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "../piste/ui/static/built");
const watching = process.argv.includes("--watch");

// `style` attributes are against the content security policy, so a share of a bar is one of these classes.
const shares = {
  name: "shares",
  setup(build) {
    build.onResolve({ filter: /^piste:shares$/ }, () => ({ path: "shares", namespace: "piste" }));
    build.onLoad({ filter: /.*/, namespace: "piste" }, () => ({
      contents: Array.from({ length: 101 }, (_, n) => `.share-${n}{flex-grow:${n}}`).join("\n"),
      loader: "css",
    }));
  },
};

// Inter holds nine weights; the interface uses three of them, and a third of the bytes.
const fonts = {
  name: "fonts",
  setup(build) {
    build.onLoad({ filter: /\.woff2$/ }, async ({ path: file }) => ({
      contents: await subsetFont(await readFile(file), plane(), {
        targetFormat: "woff2",
        variationAxes: { wght: { min: 400, max: 600 } },
      }),
      loader: "file",
    }));
  },
};

function plane() {
  return Array.from({ length: 0xd800 - 0x20 }, (_, n) => String.fromCodePoint(n + 0x20)).join("");
}

const options = {
  absWorkingDir: here,
  bundle: true,
  loader: { ".svg": "dataurl" },
  format: "esm",
  splitting: true,
  minify: !watching,
  sourcemap: watching && "linked",
  target: "es2022",
  outdir: out,
  entryNames: "[name].[hash]",
  chunkNames: "[name].[hash]",
  assetNames: "[name].[hash]",
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
  plugins: [fonts, shares],
};
const bundles = [
  { ...options, entryPoints: { app: "elements/main.ts" } },
  { ...options, entryPoints: { app: "styles/main.css" }, splitting: false },
];

function hashed(name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  return `${stem}.${hash}${ext}`;
}

async function sprite() {
  const names = (await readFile(path.join(here, "icons.txt"), "utf8")).split("\n").filter(Boolean);
  await refuseUnlistedIcons(new Set(names));
  const symbols = names.map(async (name) => {
    const svg = await readFile(path.join(here, `node_modules/lucide-static/icons/${name}.svg`), "utf8");
    const shapes = svg
      .replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "")
      .replace(/\s+/g, " ")
      .replace(/ ?\/> ?/g, "/>")
      .trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${(await Promise.all(symbols)).join("")}</svg>`;
}

async function refuseUnlistedIcons(listed) {
  const root = path.join(here, "../piste");
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith(".html"));
  for (const file of files) {
    const text = await readFile(path.join(root, file), "utf8");
    for (const [, name] of text.matchAll(/\bicon\("([a-z0-9-]+)"/g)) {
      if (!listed.has(name))
        throw new Error(`${file} uses the icon "${name}", which icons.txt does not list`);
    }
  }
}

async function writeStatic(name, contents) {
  const file = hashed(name, contents);
  await writeFile(path.join(out, file), contents);
  return file;
}

async function writeManifest(metafiles) {
  const manifest = {
    "icon.svg": await writeStatic("icon.svg", await readFile(path.join(here, "icon.svg"))),
    "sprite.svg": await writeStatic("sprite.svg", await sprite()),
  };
  for (const file of metafiles.flatMap(startsWith)) {
    manifest[`preload/${path.basename(file)}`] = path.basename(file);
  }
  for (const file of metafiles.flatMap((metafile) => Object.keys(metafile.outputs))) {
    const [stem, , ext] = path.basename(file).split(".");
    if (["js", "css", "woff2"].includes(ext)) manifest[`${stem}.${ext}`] = path.basename(file);
  }
  await writeFile(path.join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The chunks the first script imports, so that the page can ask for them along with it. */
function startsWith({ outputs }) {
  const entry = Object.keys(outputs).find((file) => outputs[file].entryPoint === "elements/main.ts");
  const seen = new Set(entry ? [entry] : []);
  for (const file of seen) {
    for (const { path: imported, kind } of outputs[file].imports) {
      if (kind === "import-statement") seen.add(imported);
    }
  }
  return [...seen].slice(1);
}

/** Beside each text file its compressed twins, which the server sends as they are. */
async function compress() {
  const texts = (await readdir(out)).filter((file) => /\.(css|js|svg)$/.test(file));
  for (const file of texts) {
    const contents = await readFile(path.join(out, file));
    await writeFile(path.join(out, `${file}.gz`), await promisify(gzip)(contents, { level: 9 }));
    await writeFile(path.join(out, `${file}.br`), await promisify(brotliCompress)(contents));
  }
}

async function build() {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const results = await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));
  await writeManifest(results.map((result) => result.metafile));
  await compress();
}

async function watch() {
  await mkdir(out, { recursive: true });
  const metafiles = new Map();
  const report = (key) => ({
    name: "manifest",
    setup: (build) =>
      build.onEnd(async (result) => {
        if (result.metafile) metafiles.set(key, result.metafile);
        if (metafiles.size === bundles.length) await writeManifest([...metafiles.values()]);
      }),
  });
  for (const [key, bundle] of bundles.entries()) {
    const context = await esbuild.context({ ...bundle, plugins: [fonts, shares, report(key)] });
    await context.watch();
  }
}

await (watching ? watch() : build());
