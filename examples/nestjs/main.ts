/** Runs the module without a server of its own, creates an item, and finds it. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ItemsModule } from './items.module.js';
import { ItemsService } from './items.service.js';

const app = await NestFactory.createApplicationContext(ItemsModule, { logger: ['error'] });
try {
  const items = app.get(ItemsService);
  console.log('created', await items.create('Grüße'));
  console.log('found', await items.find('a b'));
} finally {
  await app.close();
}
