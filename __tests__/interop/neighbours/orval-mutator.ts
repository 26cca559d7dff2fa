/** The mutator of the client that orval generates: every request goes out through the instance that signs. */
import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios';

export const instance = axios.create();

export const signedInstance = async <T>(config: AxiosRequestConfig): Promise<T> =>
  (await instance.request<T, AxiosResponse<T>>(config)).data;
