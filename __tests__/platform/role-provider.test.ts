/** The roles of `axios-aws4auth/aws4-axios`: assumed by the AWS SDK where there is Node, and refused by name elsewhere. */
import axios from 'axios';
import { aws4Interceptor } from '../../lib/aws4-axios.js';
import { platform } from '#platform';

const create = () =>
  aws4Interceptor({ options: { assumeRoleArn: 'arn:aws:iam::123456789012:role/a' }, instance: axios.create() });

if (platform.name === 'node') {
  it('takes a role', () => {
    expect(create).not.toThrow();
  });

  it("loads the AWS SDK's provider", async () => {
    expect(await platform.loadRoleProvider?.()).toHaveProperty('name', 'fromTemporaryCredentials');
  });
} else {
  it('refuses a role, and says what to pass', () => {
    expect(create).toThrow(
      expect.objectContaining({
        code: 'ERR_RUNTIME',
        message: expect.stringMatching(/^assumeRoleArn: .*pass credentials/),
      }),
    );
  });
}
