// Bundles every page module (static/src/pages/*.ts), the common ones and the style sheets into static/build/.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

const pages = existsSync("static/src/pages") ? readdirSync("static/src/pages").filter((name) => name.endsWith(".ts")) : [];
// Built beside and put in place at the end: a failed build leaves the old one, and pages miss it for an instant only.
const fresh = `static/.build-${process.pid}`;
await build({
  entryPoints: [
    { in: "static/src/app.ts", out: "app" },
    { in: "static/css/app.css", out: "app" },
    { in: "static/css/admin.css", out: "admin" },
    { in: "static/css/try_api.css", out: "try_api" },
    ...pages.map((name) => ({ in: `static/src/pages/${name}`, out: name.replace(/\.ts$/, "") })),
  ],
  outdir: fresh,
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
for (const name of readdirSync(fresh).sort()) digest.update(readFileSync(`${fresh}/${name}`));
writeFileSync(`${fresh}/.stamp`, digest.digest("hex"));
rmSync("static/build", { recursive: true, force: true });
renameSync(fresh, "static/build");
