/** Bad input of what reads hostnames. */
import { parseAwsHostname } from '../../lib/index.js';
import { show } from '../bad-input/refusals.js';

describe('parseAwsHostname knows nothing of', () => {
  const noHostnames = [
    ...['', ' ', '.', '..', 'amazonaws.com', '.amazonaws.com', 's3..amazonaws.com', '-s3.eu-west-1.amazonaws.com'],
    ...[
      'https://s3.eu-west-1.amazonaws.com',
      's3.eu-west-1.amazonaws.com/',
      's3.eu-west-1.amazonaws.com:',
      'a@s3.amazonaws.com',
    ],
    ...[
      's3.eu-west-1.amazonaws.com:123456',
      's3.eu-west-1.amazonaws.com..',
      's3.eu-west-1.amazonaws.com\n',
      ' s3.amazonaws.com',
    ],
    ...[
      's3.eu-west-1.amazonaws.com\0.evil.example',
      's3.eu-west-1.amazonaws.com.evil.example',
      's3.eu-west-1.amazonaws.co',
    ],
    ...[
      's3.eu-west-1.amazonaws。com',
      '\u017f3.eu-west-1.amazonaws.com',
      '\u212ainesis.eu-west-1.amazonaws.com',
      '127.0.0.1',
    ],
    ...[
      '[::1]',
      'localhost',
      `${'a'.repeat(300)}.s3.eu-west-1.amazonaws.com`,
      'a.'.repeat(2 ** 19),
      's3.eu west-1.amazonaws.com',
    ],
    ...[
      's3.EU/WEST.amazonaws.com',
      's3.$1.amazonaws.com',
      's3.eu-west-1.amazonaws.com#',
      '*.s3.eu-west-1.amazonaws.com',
    ],
  ];
  it.each(noHostnames.map((hostname) => [show(hostname), hostname]))('%s', (_, hostname) => {
    expect(parseAwsHostname(hostname)).toBeUndefined();
  });

  it.each(
    [undefined, null, Symbol('a'), 5, NaN, true, {}, [], 1n, () => 'a', new Date(0)].map((value) => [
      show(value),
      value,
    ]),
  )('%s', (_, value) => {
    expect(parseAwsHostname(value as string)).toBeUndefined();
  });
});
