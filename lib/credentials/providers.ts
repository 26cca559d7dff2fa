/** The sources of what providers give: one for each provider, whoever passes it. */
import { ProvidedCredentials, type AnyProvider, type NameFailure } from './provided-credentials.js';
import { describeFailure } from './provider-failure.js';

const sources = new WeakMap<AnyProvider, ProvidedCredentials>();

/** The source of a provider; interceptors that share the provider share what it gave. */
export function findSource(provider: AnyProvider, isDefaultChain: boolean): ProvidedCredentials {
  const earlier = sources.get(provider);
  if (earlier !== undefined) return earlier;
  const source = new ProvidedCredentials(provider, isDefaultChain ? nameDefaultChain : nameOwnProvider);
  sources.set(provider, source);
  return source;
}

const inBrackets = (failure: string | undefined): string => (failure === undefined ? '' : ` (${failure})`);

const nameOwnProvider: NameFailure = (cause) => `the provider failed${inBrackets(describeFailure(cause))}`;

const nameDefaultChain: NameFailure = (cause, { listTried }) => {
  const tried = listTried?.().flatMap((reason) => describeFailure(reason) ?? []) ?? [];
  return (
    `none were passed, and the AWS SDK's default provider chain failed${inBrackets(describeFailure(cause))}; ` +
    `it tried: ${tried.join(' | ')}; see to one of these, or pass credentials as an option`
  );
};
