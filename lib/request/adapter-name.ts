/** Which adapter will send a request: axios's own treat bodies, content types and redirects differently. */
import axios, { type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios';

type Config = InternalAxiosRequestConfig;

const NAMES = ['http', 'xhr', 'fetch'] as const;

/** One of axios's own adapters, or another. */
export type AdapterName = (typeof NAMES)[number] | 'custom';

/** The adapter that sends a request. */
export interface ChosenAdapter {
  readonly name: AdapterName;
  readonly send: AxiosAdapter;
}

/**
 * Chooses the adapter that axios would, from what a config gave as its `adapter`.
 *
 * @throws AxiosError where there is none of that name
 */
export function chooseAdapter(given: Config['adapter'], config: Config): ChosenAdapter {
  const send = axios.getAdapter(given ?? axios.defaults.adapter, config);
  return { name: NAMES.find((name) => findAdapter(name, config) === send) ?? 'custom', send };
}

const adapters = new Map<AdapterName, unknown>();

function findAdapter(name: AdapterName, config: Config): unknown {
  // axios makes a fetch adapter for each `config.env`. The others never change, and asking for a missing one is slow.
  if (name === 'fetch') return getAdapter(name, config);
  if (!adapters.has(name)) adapters.set(name, getAdapter(name, config));
  return adapters.get(name);
}

function getAdapter(name: AdapterName, config: Config): unknown {
  try {
    return axios.getAdapter(name, config);
  } catch {
    // This runtime has none of that name.
    return undefined;
  }
}
