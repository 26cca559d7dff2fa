/** axios's own joining of URLs and `params`. */
import { Axios } from 'axios';

/** Without defaults of its own, its `getUri` joins just what it is given, in the way of the axios that is installed. */
export const uriJoiner = new Axios({});
