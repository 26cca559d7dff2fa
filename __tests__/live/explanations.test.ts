/** Why requests were refused, told from the answers of the newer Swift, which says what it computed. */
import { explanationCases } from './explanation-cases.js';
import { describeServer } from './live-server.js';
import { describeCases, type Deviations } from './store-case.js';

const deviations: Deviations = {
  'explained: a header that is removed': {
    instead: 'unknown',
    why: 'it does not say what it computed where a signed header is missing',
  },
};

describeServer({
  script: 'swift-streaming',
  name: 'OpenStack Swift s3api, refusals',
  shown: 'each is explained by what the server computed',
  tests: (server) => {
    for (const adapter of ['http', 'fetch'] as const) {
      describeCases('explanations', adapter, explanationCases, deviations, server);
    }
  },
});
