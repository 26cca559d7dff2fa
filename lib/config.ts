/** Copies of axios's configs, which are never changed where someone else holds them. */
import { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';

type Config = InternalAxiosRequestConfig;

/** A copy of a config with headers of its own. */
export function copyConfig(config: Config): Config {
  const copy: Config = { headers: config.headers };
  copyProperties(config, copy);
  copy.headers = copyHeaders(config.headers);
  return copy;
}

/** One by one: the spread of an object without prototype, which axios's configs are, takes five times as long. */
function copyProperties<T extends object>(source: T, target: T): void {
  for (const name in source) if (Object.hasOwn(source, name)) target[name] = source[name];
  for (const symbol of Object.getOwnPropertySymbols(source)) Reflect.set(target, symbol, Reflect.get(source, symbol));
}

function copyHeaders(headers: Config['headers']): Config['headers'] {
  // An interceptor before this one may have put a plain object in the place of axios's own.
  const source = AxiosHeaders.from(headers);
  return Object.assign(new AxiosHeaders(), source);
}
