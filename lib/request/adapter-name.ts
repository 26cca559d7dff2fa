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
  const known = chosenBefore.get(send);
  if (known !== undefined) return known;
  // Of fetch there is one for each `config.env`, so that each adapter is asked for anew.
  const chosen: ChosenAdapter = { name: NAMES.find((each) => getAdapter(each, config) === send) ?? 'custom', send };
  chosenBefore.set(send, chosen);
  return chosen;
}

/** Asking axios for each of its adapters takes as long as a hash does. */
const chosenBefore = new WeakMap<AxiosAdapter, ChosenAdapter>();

function getAdapter(name: AdapterName, config: Config): unknown {
  try {
    return axios.getAdapter(name, config);
  } catch {
    // This runtime has none of that name.
    return undefined;
  }
}
