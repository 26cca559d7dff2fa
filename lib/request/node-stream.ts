/** As much of Node's streams, old ones like the form-data package's too, as reading one needs. */
export interface NodeStream {
  readonly readable?: boolean;
  readonly readableEnded?: boolean;
  readonly destroyed?: boolean;
  readonly readableDidRead?: boolean;
  pipe: unknown;
  on(event: string, listener: (value: never) => void): unknown;
  pause?(): unknown;
  resume?(): unknown;
  destroy?(): unknown;
  [Symbol.asyncIterator]?(): AsyncIterator<unknown>;
}
