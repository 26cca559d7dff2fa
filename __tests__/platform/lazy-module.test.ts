/** What is loaded when it is needed: once, at once from then on, and again where it could not be. */
import { createLazyModule } from '../../lib/platform/lazy-module.js';

it('is loaded once, and is there at once from then on', async () => {
  const module = { part: 1 };
  const load = jest.fn(() => Promise.resolve(module));
  const get = createLazyModule(load);
  expect(load).not.toHaveBeenCalled();
  expect(await get()).toBe(module);
  expect(get()).toBe(module);
  expect(load).toHaveBeenCalledTimes(1);
});

it('is tried again where it could not be loaded, which is an error of ours', async () => {
  const cause = new TypeError('Failed to fetch dynamically imported module');
  const load = jest.fn().mockRejectedValueOnce(cause).mockResolvedValueOnce({ part: 2 });
  const get = createLazyModule(load);
  await expect(get()).rejects.toMatchObject({ name: 'Aws4AuthError', code: 'ERR_CHUNK_LOAD', cause });
  expect(await get()).toStrictEqual({ part: 2 });
});
