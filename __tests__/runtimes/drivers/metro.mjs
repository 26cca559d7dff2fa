/**
 * Bundles an entry as React Native of some version does by default:
 * `node metro.mjs CONFIG ENTRY OUTFILE`, where CONFIG is the name of a @react-native/metro-config.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';

const [, , name, entry, out] = process.argv;
const require = createRequire(import.meta.url);
const tools = join(import.meta.dirname, '../node_modules');
const root = dirname(entry);

// The Metro of that version, which its configuration depends on.
const requireByConfig = createRequire(require.resolve(name));
const requireByMetro = createRequire(requireByConfig.resolve('metro-config'));
const { runBuild } = requireByMetro('metro');
const { getDefaultConfig } = require(name);
const defaults = getDefaultConfig(root);

const modules = [];
const config = {
  ...defaults,
  cacheStores: [],
  maxWorkers: 1,
  reporter: { update: ({ error }) => error && console.error(error) },
  // The application's packages are above it, and React Native among this folder's.
  watchFolders: [join(root, '..'), tools],
  resolver: {
    ...defaults.resolver,
    useWatchman: false,
    nodeModulesPaths: [join(root, '../node_modules'), tools],
    // By default nothing is taken of a folder of the name of this one's, `__tests__`.
    blockList: /^$/,
    resolveRequest: (context, asked, platform) =>
      context.resolveRequest(context, asked === 'react-native' ? join(root, 'native-index.cjs') : asked, platform),
  },
  serializer: {
    ...defaults.serializer,
    getModulesRunBeforeMainModule: () => [],
    processModuleFilter: ({ path }) => {
      modules.push(path);
      return true;
    },
  },
};
await runBuild(config, { entry, out, platform: 'ios', dev: false, minify: false });
console.log(`@@${JSON.stringify({ version: requireByMetro('metro/package.json').version, modules })}`);
process.exit();
