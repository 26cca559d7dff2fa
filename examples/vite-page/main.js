/** A page that calls an API of API Gateway with temporary credentials, which it gets from its own server. */
import axios from 'axios';
import { aws4Interceptor } from 'axios-aws4auth';

const api = axios.create({ baseURL: import.meta.env.VITE_API_URL });
api.interceptors.request.use(
  aws4Interceptor({
    region: import.meta.env.VITE_AWS_REGION ?? 'eu-west-1',
    service: 'execute-api',
    // Asked when there are none yet, and again before they end.
    credentials: async () => {
      const { data } = await axios.get('/credentials');
      return { ...data, expiration: new Date(data.expiration) };
    },
  }),
);

const [form, list, status] = ['form', 'ul', '[role=status]'].map((selector) => document.querySelector(selector));

async function showItems() {
  const { data: items } = await api.get('/items');
  list.replaceChildren(...items.map(({ name }) => Object.assign(document.createElement('li'), { textContent: name })));
}

async function addItem() {
  await api.post('/items', { name: new FormData(form).get('name') });
  await showItems();
}

const run = (task) =>
  task().then(
    () => (status.textContent = 'done'),
    (error) => (status.textContent = error.message),
  );
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void run(addItem);
});
void run(showItems);
