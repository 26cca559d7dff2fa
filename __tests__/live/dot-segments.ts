/** Keys with dot segments, which axios resolves before it sends a URL: what that does to them. */
import type { LiveServer } from './live-server.js';
import { answerTo, createS3Client, pathOfKey, pathOfSegments, textOf } from './s3-client.js';

/** A key, and the one that is reached in its place. */
const resolved: readonly (readonly [key: string, reached: string])[] = [
  ['a/./b', 'a/b'],
  ['a/../b', 'b'],
  ['./a', 'a'],
  ['a/.', 'a/'],
  ['a/b/..', 'a/'],
];

export function describeDotSegments(server: () => LiveServer): void {
  describe('keys with dot segments', () => {
    const bucket = 'dots';
    beforeAll(() => createS3Client(server()).put(`/${bucket}`));

    it.each(resolved)('%j with its slashes as they are is %j', async (key, reached) => {
      const client = createS3Client(server());
      await client.put(pathOfSegments(bucket, key), `the body of ${key}`);
      expect(textOf(await client.get(pathOfKey(bucket, reached)))).toBe(`the body of ${key}`);
      await client.delete(pathOfSegments(bucket, key));
      expect(await answerTo(client.get(pathOfKey(bucket, reached)))).toBe('404 NoSuchKey');
    });

    // It is sent with %2F, which servers take for the slash that it is in a key.
    it.each(['a/./b', 'a/../b', './a', '../a', 'a/..'])('%j with its slashes encoded is itself', async (key) => {
      const client = createS3Client(server());
      await client.put(pathOfKey(bucket, key), `the body of ${key}`);
      expect(textOf(await client.get(pathOfKey(bucket, key)))).toBe(`the body of ${key}`);
    });

    it('"." is the bucket', async () => {
      const client = createS3Client(server());
      await client.put('/dots-to-delete');
      await client.delete(pathOfKey('dots-to-delete', '.'));
      expect(await answerTo(client.get('/dots-to-delete'))).toBe('404 NoSuchBucket');
    });
  });
}
