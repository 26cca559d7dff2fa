/** React Native's own URL, as far as it matters: regular expressions over the text (0.80 on), or accessors that throw. */

/** As in `Libraries/Blob/URL.js` of React Native 0.88. */
export class ReactNativeUrl {
  readonly #url: string;

  constructor(url: string | ReactNativeUrl, base?: string | ReactNativeUrl) {
    const text = String(url);
    const joined = base === undefined ? text : `${String(base).replace(/\/$/, '')}/${text.replace(/^\//, '')}`;
    this.#url = /^[^:]+:\/\/[^/?#]+$/.test(joined) ? `${joined}/` : joined;
  }

  get host(): string {
    const port = this.port;
    return this.hostname + (port === '' ? '' : `:${port}`);
  }

  get hostname(): string {
    return this.#match(/^https?:\/\/(?:[^@]+@)?([^:/?#]+)/);
  }

  get href(): string {
    return this.#url;
  }

  get origin(): string {
    return this.#match(/^(https?:\/\/[^/]+)/);
  }

  get password(): string {
    return this.#match(/https?:\/\/.*:(.*)@/);
  }

  get pathname(): string {
    return this.#match(/https?:\/\/[^/]+(\/[^?#]*)?/) || '/';
  }

  get port(): string {
    return this.#match(/:(\d+)(?=[/?#]|$)/);
  }

  get protocol(): string {
    return this.#match(/^([a-zA-Z][a-zA-Z\d+\-.]*:)/);
  }

  get search(): string {
    return this.#match(/(\?[^#]*)/);
  }

  get username(): string {
    return this.#match(/^https?:\/\/([^:@]+)(?::[^@]*)?@/);
  }

  toString(): string {
    return this.#url;
  }

  #match(pattern: RegExp): string {
    return pattern.exec(this.#url)?.[1] ?? '';
  }
}

/** As before React Native 0.80. */
export class UnimplementedUrl {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  get href(): string {
    return this.#url;
  }

  get host(): never {
    throw new Error('URL.host is not implemented');
  }

  get hostname(): never {
    throw new Error('URL.hostname is not implemented');
  }

  get protocol(): never {
    throw new Error('URL.protocol is not implemented');
  }
}
