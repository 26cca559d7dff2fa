/** The verifier shares no code with what it judges. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

describe('independence', () => {
  it('imports nothing but itself and Node', () => {
    const folder = join(__dirname, '../src');
    const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const imported = sources.flatMap((source) =>
      [...source.matchAll(/\bfrom '([^']+)';/g)].map(([, name = '']) => name),
    );
    const allowed = /^(?:node:(?:crypto|http|net|stream|tls)|\.\/[a-z0-9-]+\.js)$/;
    expect(imported).toContain('node:crypto');
    expect(imported.filter((name) => !allowed.test(name))).toEqual([]);
    expect(sources.filter((source) => /\b(?:require|import) ?\(|^import '/m.test(source))).toEqual([]);
  });
});
