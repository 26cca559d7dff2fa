/** Asks an API of AppSync, or any GraphQL API with IAM authorization, through graphql-request. */
import { gql, GraphQLClient } from 'graphql-request';
import { createSigningFetch } from './signing-fetch.mjs';

const { GRAPHQL_URL, AWS_REGION = 'eu-west-1' } = process.env;

const client = new GraphQLClient(GRAPHQL_URL, {
  fetch: createSigningFetch({ region: AWS_REGION, service: 'appsync' }),
});

const createItem = gql`
  mutation CreateItem($name: String!) {
    createItem(name: $name) {
      id
    }
  }
`;
const { createItem: item } = await client.request(createItem, { name: 'Grüße' });
console.log('created', item);

const { items } = await client.request('{ items { id name } }');
console.log('found', items);
