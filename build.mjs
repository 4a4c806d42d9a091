// Bundles every page module (static/src/pages/*.ts), the common ones and the style sheets into static/build/.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const pages = existsSync("static/src/pages") ? readdirSync("static/src/pages").filter((name) => name.endsWith(".ts")) : [];
rmSync("static/build", { recursive: true, force: true });
await build({
  entryPoints: [
    { in: "static/src/app.ts", out: "app" },
    { in: "static/src/admin.ts", out: "admin" },
    { in: "static/css/app.css", out: "app" },
    { in: "static/css/admin.css", out: "admin" },
    ...pages.map((name) => ({ in: `static/src/pages/${name}`, out: name.replace(/\.ts$/, "") })),
  ],
  outdir: "static/build",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: true,
  loader: { ".woff2": "file" },
  logLevel: "warning",
});
const digest = createHash("sha256");
for (const name of readdirSync("static/build").sort()) digest.update(readFileSync(`static/build/${name}`));
writeFileSync("static/build/.stamp", digest.digest("hex"));
