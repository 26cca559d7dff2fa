/** A service as it would be without signatures: HttpService gives observables, each a request. */
import { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { firstValueFrom, map } from 'rxjs';

export interface Item {
  readonly id: number;
  readonly name: string;
}

@Injectable()
export class ItemsService {
  constructor(private readonly http: HttpService) {}

  create(name: string): Promise<Item> {
    return firstValueFrom(this.http.post<Item>('/items', { name }).pipe(map(({ data }) => data)));
  }

  find(tag: string): Promise<readonly Item[]> {
    return firstValueFrom(this.http.get<readonly Item[]>('/items', { params: { tag } }).pipe(map(({ data }) => data)));
  }
}
