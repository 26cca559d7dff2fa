/** The code that the demo shows, and then runs. */
import axios from 'axios';
import { aws4Interceptor } from 'axios-aws4auth';

export const s3 = axios.create({ baseURL: process.env.S3_URL });
s3.interceptors.request.use(aws4Interceptor({ service: 's3' }));
