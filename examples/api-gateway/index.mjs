/** Calls an API of API Gateway with the credentials of an assumed role, which are renewed before they end. */
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import axios from 'axios';
import { aws4Interceptor } from 'axios-aws4auth';

const { API_URL, ROLE_ARN, AWS_REGION = 'eu-west-1' } = process.env;

const api = axios.create({ baseURL: API_URL });
api.interceptors.request.use(
  aws4Interceptor({
    region: AWS_REGION,
    service: 'execute-api',
    // Who assumes the role is found as by the AWS CLI: environment, AWS_PROFILE, SSO, container, instance.
    credentials: fromTemporaryCredentials({
      params: { RoleArn: ROLE_ARN, RoleSessionName: 'api-gateway-example' },
      clientConfig: { region: AWS_REGION },
    }),
  }),
);

const { data: item } = await api.post('/items', { name: 'Grüße', tags: ['a b'] });
console.log('created', item);

const { data: items } = await api.get('/items', { params: { tag: 'a b' } });
console.log('found', items);
