/** Which adapter will send a request: axios's own treat bodies, content types and redirects differently. */
import axios, { type InternalAxiosRequestConfig } from 'axios';

const NAMES = ['http', 'xhr', 'fetch'] as const;

/** One of axios's own adapters, or another. */
export type AdapterName = (typeof NAMES)[number] | 'custom';

/** Names the adapter that axios will choose for a config. */
export function nameAdapter(config: InternalAxiosRequestConfig): AdapterName {
  const chosen = axios.getAdapter(config.adapter ?? axios.defaults.adapter, config);
  return NAMES.find((name) => findAdapter(name, config) === chosen) ?? 'custom';
}

const adapters = new Map<AdapterName, unknown>();

function findAdapter(name: AdapterName, config: InternalAxiosRequestConfig): unknown {
  // Of fetch there is one for each `config.env`; the others stay as they are, and asking for a missing one is slow.
  if (name === 'fetch') return getAdapter(name, config);
  if (!adapters.has(name)) adapters.set(name, getAdapter(name, config));
  return adapters.get(name);
}

function getAdapter(name: AdapterName, config: InternalAxiosRequestConfig): unknown {
  try {
    return axios.getAdapter(name, config);
  } catch {
    // This runtime has none of that name.
    return undefined;
  }
}
