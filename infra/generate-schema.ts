/** Writes docs/finding.schema.json, for readers of the file sink and the webhook sink. Run by `npm run generate`; a test holds it. */
import { writeFileSync } from "node:fs";
import { findingJsonSchema } from "../src/sinks/finding-schema.ts";

const file = new URL("../docs/finding.schema.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(findingJsonSchema(), undefined, 2)}\n`);
