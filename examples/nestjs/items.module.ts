/** A module whose HttpService signs what it sends. */
import { HttpModule, HttpService } from '@nestjs/axios';
import { Module, type OnModuleInit } from '@nestjs/common';
import { aws4Interceptor } from 'axios-aws4auth';
import { ItemsService } from './items.service.js';

const { API_URL, AWS_REGION = 'eu-west-1' } = process.env;

@Module({
  imports: [HttpModule.register({ baseURL: API_URL })],
  providers: [ItemsService],
})
export class ItemsModule implements OnModuleInit {
  constructor(private readonly http: HttpService) {}

  onModuleInit(): void {
    this.http.axiosRef.interceptors.request.use(aws4Interceptor({ region: AWS_REGION, service: 'execute-api' }));
  }
}
