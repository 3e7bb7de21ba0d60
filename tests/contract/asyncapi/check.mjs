// Usage: node check.mjs FILE... : prints each diagnostic; exits 1 where the parser finds an error.
import { readFile } from 'node:fs/promises';
import { Parser } from '@asyncapi/parser';

const parser = new Parser();
let errors = 0;
for (const file of process.argv.slice(2)) {
  const { document, diagnostics } = await parser.parse(await readFile(file, 'utf8'));
  for (const d of diagnostics) {
    if (d.severity === 0) errors += 1;
    console.log(`${file}: ${['error', 'warning', 'info', 'hint'][d.severity]} ${d.code} ${d.path.join('.')}: ${d.message}`);
  }
  if (!document) errors += 1;
}
process.exit(errors ? 1 : 0);
