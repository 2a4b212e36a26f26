// Writes .gz and .br beside every text file of the build, so that the server never compresses on the way. What only
// browsers ask for stays in these two forms alone: the plain ones would make up a thirtieth of the binary.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = join(import.meta.dirname, "../../internal/webui/dist");
const texts = /\.(js|css|html|svg|json)$/;

for (const name of readdirSync(dist, { recursive: true })) {
  if (!texts.test(name)) continue;
  const path = join(dist, name);
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  if (name.startsWith("assets")) rmSync(path);
}
