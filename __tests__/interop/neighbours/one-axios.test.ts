/** npm puts an axios beside the neighbours, which their postinstall removes, so that all find the root's. */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

it.each(readdirSync(join(__dirname, 'node_modules')).filter((name) => name.startsWith('axios')))(
  '%s has the axios of the root',
  (name) => {
    const resolved = createRequire(join(__dirname, 'node_modules', name, 'package.json')).resolve('axios');
    expect(resolved).toBe(require.resolve('axios', { paths: [join(__dirname, '../../..')] }));
  },
);
