/** Sets OpenTelemetry up, as the README of its HTTP instrumentation does; to be loaded before what it is to trace. */
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { ConsoleSpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';

const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())] });
// With its default propagators: W3C trace context and baggage.
provider.register();

registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });
