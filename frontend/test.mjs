// Runs elements/**/*.test.ts with Node's own test runner; Node 20 reads no TypeScript, so esbuild bundles them first.
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import esbuild from "esbuild";

const folder = await mkdtemp(path.join(os.tmpdir(), "piste-"));
const tests = (await readdir("elements", { recursive: true })).filter((file) => file.endsWith(".test.ts"));
await esbuild.build({
  entryPoints: tests.map((file) => path.join("elements", file)),
  bundle: true,
  platform: "node",
  format: "esm",
  outdir: folder,
  outExtension: { ".js": ".mjs" },
});
const { status } = spawnSync(process.execPath, ["--test", folder], { stdio: "inherit" });
await rm(folder, { recursive: true });
process.exit(status ?? 1);
