/** Vite as it is, and a stand-in for the server that gives its users credentials: it gives them to whoever asks. */
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { defineConfig } from 'vite';

const { ROLE_ARN, VITE_AWS_REGION: region = 'eu-west-1' } = process.env;

function serveCredentials() {
  const assumeRole = fromTemporaryCredentials({
    params: { RoleArn: ROLE_ARN, RoleSessionName: 'vite-page', DurationSeconds: 900 },
    clientConfig: { region },
  });
  const answer = async (request, response) => {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await assumeRole();
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Cache-Control', 'no-store');
    response.end(JSON.stringify({ accessKeyId, secretAccessKey, sessionToken, expiration }));
  };
  const addRoute = ({ middlewares }) => {
    middlewares.use('/credentials', (request, response, next) => void answer(request, response).catch(next));
  };
  return { name: 'serve-credentials', configureServer: addRoute, configurePreviewServer: addRoute };
}

export default defineConfig({ plugins: [serveCredentials()] });
