/**
 * The hostnames of AWS and of S3-compatible stores, as data; after botocore's partitions.json, endpoint rule sets and
 * service models, AWS's General Reference, and each store's documentation.
 *
 * Patterns are regular expressions of a whole name in which `.` is a dot, `*.` stands for one or more labels, and
 * `<>` captures what `()` only groups.
 */

/**
 * The suffixes of a partition's hostnames, divided by spaces (those under `on.` belong to resources, all others to
 * services); where its global services sign; how its regions begin, before a compass point or the like and a number.
 */
type Partition = readonly [suffixes: string, globalRegion: string, regionStart: string];

export const partitions: readonly Partition[] = [
  ['amazonaws.com api.aws on.aws', 'us-east-1', '([abd-z][a-z]|c[a-mo-z])(-gov)?'],
  ['amazonaws.com.cn api.amazonwebservices.com.cn', 'cn-northwest-1', 'cn'],
  ['amazonaws.eu api.amazonwebservices.eu', 'eusc-de-east-1', 'eusc-[a-z]{2}'],
  ['c2s.ic.gov api.aws.ic.gov', 'us-iso-east-1', 'us-iso'],
  ['sc2s.sgov.gov api.aws.scloud', 'us-isob-east-1', 'us-isob'],
  ['cloud.adc-e.uk api.cloud-aws.adc-e.uk', 'eu-isoe-west-1', 'eu-isoe'],
  ['csp.hci.ic.gov api.aws.hci.ic.gov', 'us-isof-south-1', 'us-isof'],
];

/**
 * The labels before the region in hostnames that tell no signing name: SigV4 does not sign there, or services of
 * different signing names share the hostname.
 */
export const unsignable = '[a-z]+-smtp|s3-(accelerate|website)|codecatalyst|(maps|places|routes).geo';

/**
 * Signing name, and what stands in a hostname for it: the labels before the region. The first match counts; a single
 * label that none matches is itself the signing name.
 */
export const signingNames: Readonly<Record<string, string>> = {
  acm: 'acm-acme',
  'agent-registry': 'agent-registry-control',
  appconfig: 'appconfigdata',
  appstream: 'appstream2',
  appsync: '*.appsync-(realtime-)?api',
  aps: 'aps-workspaces',
  'arc-region-switch': 'arc-region-switch-control-plane',
  'aws-marketplace': '[a-z]+(-|.)marketplace',
  AWSMobileHubService: 'mobile',
  awsssoportal: 'portal.sso',
  'backup-storage': 'backupstorage',
  bedrock: 'bedrock-runtime|bedrock-(agent|data-automation)(-runtime)?',
  'bedrock-agentcore': 'bedrock-agentcore-control',
  cassandra: 'cassandra-streams',
  ce: 'cost-explorer',
  chime: '[a-z-]+-chime',
  cloudhsm: 'cloudhsmv2',
  cloudsearch: 'cloudsearchdomain',
  cloudwatch: 'cloudwatch-omni',
  codecommit: 'git-codecommit',
  connect: 'contact-lens',
  dynamodb: '(search-)?ddb|search-dynamodb|streams(-|.)dynamodb',
  ecr: 'dkr(-|.)ecr',
  ecs: 'ecs-[at](-[0-9]+)?',
  elasticfilesystem: 'efs',
  es: '(*.)?aos',
  events: 'eventsv2',
  'execute-api': 'participant.connect',
  forecast: 'forecastquery',
  geo: '(geofencing|metadata|tracking|cp.[a-z]+).geo',
  greengrass: 'greengrass-ats.iot',
  iam: 'iam-toolbox',
  IngestionService: 'importexport',
  iotdata: 'data(.ats)?.iot|[a-z0-9]+-ats.iot|[a-z0-9]{13,14}.iot',
  ioteventsdata: 'data.iotevents',
  iotfleethub: 'api.fleethub.iot',
  'iot-jobs-data': '[a-z0-9]+.jobs.iot',
  IoTSecuredTunneling: 'api.tunneling.iot|api.iot-tunneling',
  ivs: 'ivsrealtime',
  kafka: 'kafka-api',
  kinesis: '(*.)?(control-|data-)?kinesis(-pod[0-9]+)?',
  lakeformation: '(data|query)-lakeformation',
  lambda: '*.lambda-url',
  lex: '(models|runtime)-v2-lex|models.lex',
  logs: 'stream(ing)?-logs',
  'medical-imaging': 'runtime-medical-imaging',
  memorydb: 'memory-db',
  mgh: 'migrationhub-config',
  mobiletargeting: 'pinpoint',
  'mturk-requester': 'mturk-requester-sandbox',
  'neptune-db': 'neptune',
  'neptune-graph': '(*.)?neptune-graph',
  omics: '[a-z-]+-omics',
  partnercentral: 'partnercentral-prm',
  personalize: 'personalize-(events|runtime)',
  route53: 'route-53',
  'route53-recovery-control-config': 'arc-recovery-control-config',
  s3: '*.s3|(*.)?s3-(accesspoint|control|external-1)|*.s3-accelerate',
  s3express: '(*.)?s3express-[a-z0-9-]+',
  servicecatalog: 'servicecatalog-appregistry',
  servicediscovery: 'data-servicediscovery',
  ses: 'email|mail-manager',
  signer: 'data-signer|verification.signer',
  'sms-voice': 'sms-voice.pinpoint',
  sqs: 'queue',
  'sso-oauth': 'oidc',
  states: 'sync-states',
  timestream: 'timestream-(ingest|query)',
  transcribe: 'transcribestreaming|cn.transcribe',
  wellarchitected: 'wellarchitected-agent',
};

/**
 * Hostnames that contain their signing name: first, of services that give hosts to resources or to some of their
 * operations; second, of the planes of any service.
 */
export const capturedServices: readonly string[] = [
  '*.<aoss|bedrock-agentcore|dataexchange|execute-api|healthlake|iot1click|iotsitewise|iottwinmaker|kinesisvideo|' +
    'mediaconvert|mediapackagev2|mediastore|qapps|route53-recovery-cluster|s3-object-lambda|s3-outposts|sagemaker|' +
    'timestream|vpc-lattice-svcs>',
  '(admin|api|controlplane|cp|dataplane|dp|env|management|ops|runtime|scheduling|session|streaming).<[a-z0-9-]+>',
];

/**
 * Signing name, and what stands before a partition's suffix where every region serves the request: SigV4a signs there,
 * for the region set `*`.
 */
export const multiRegion: Readonly<Record<string, string>> = {
  'cloudfront-keyvaluestore': '[0-9]{12}.cloudfront-kvs.global',
  events: '*.endpoint.events',
  partnercentral: 'partnercentral-prm.(global|us-gov)',
  'partnercentral-channel': 'partnercentral-channel.(global|us-gov)',
  s3: '*.accesspoint.s3-global',
  ses: '*.endpoints.email(.global|.us-gov)?',
  sustainability: 'sustainability.(global|us-gov)|api.sustainability.[a-z0-9-]+',
};

/** Services whose name comes after the region: `us-west-2.queue`. */
export const regionFirst = 'aoss|cloudsearch|elasticmapreduce|es|neptune|neptune-graph|queue';

/** Services with one control plane in a partition, which signs for the partition's global region. */
export const globalServices = '(global.)?(budgets|cloudfront|health|iam|route53|savingsplans)';

const isolatedHomes = 'eusc-de-east-1|us-iso-east-1|us-isob-east-1|eu-isoe-west-1|us-isof-south-1';

/**
 * Regions, and the services whose one control plane in a partition is in one of them. Rule sets build hostnames with
 * other regions too, and sign for the control plane's region: nothing is read from such a hostname.
 */
export const homes: Readonly<Record<string, string>> = {
  'us-east-1': 'importexport',
  'us-west-2|us-gov-west-1': 'networkmanager',
  [`us-east-1|cn-north-1|us-gov-west-1|${isolatedHomes}`]: 'iam',
  [`us-east-1|cn-northwest-1|us-gov-west-1|${isolatedHomes}`]:
    'account|billingconductor|budgets|chime|cloudfront|cost-explorer|organizations|route-53|savingsplans|shield|waf',
  [`us-east-[12]|cn-northwest-1|us-gov-west-1|${isolatedHomes}`]: 'health',
};

/** Region, and the hostnames that name none and are signed for it: exceptions to {@link globalServices}, and others. */
export const regionless: Readonly<Record<string, string>> = {
  'us-east-1': '(ec2|importexport|queue|(*.)?s3(-external-1)?|sdb|sts|waf).amazonaws.com',
  'us-west-2': 'globalaccelerator.amazonaws.com',
  'cn-north-1': 'iam.global.api.amazonwebservices.com.cn',
  'us-gov-west-1': `${globalServices}.us-gov.(amazonaws.com|api.aws)`,
};

/**
 * Hostnames of {@link globalServices} for which no region is sure: GovCloud shares the first with the commercial
 * partition, and on the others AWS's own rule sets differ.
 */
export const regionUnknown = `${globalServices}.api.aws|iam.(amazonaws|api.amazonwebservices).com.cn`;

/** Region, and the S3-compatible stores, with or without a bucket before, that are signed for it. */
export const fixedStores: Readonly<Record<string, string>> = {
  auto: '[a-z0-9]+(.eu|.fedramp)?.r2.cloudflarestorage.com|(fly.storage.tigris|t3.storage).dev|storage.googleapis.com',
  global: 'gateway.([a-z]{2}1.)?storjshare.io',
  'us-east-1': 's3.wasabisys.com',
  'ru-central1': 'storage.yandexcloud.net',
};

/** The S3-compatible stores whose hostnames say the region. */
export const regionalStores: readonly string[] = [
  '<[a-z]{3}[0-9]>.(digitaloceanspaces|vultrobjects|your-objectstorage).com',
  '<[a-z]{2}-[a-z]+-[0-9]+>.linodeobjects.com',
  '<[a-z]{2}-[a-z]+(-[0-9])?>.object.fastlystorage.app',
  's3.<[a-z]{2}-[a-z]+-[0-9]+>.(backblazeb2|wasabisys).com',
  's3.<[a-z]{2}-[a-z]{3}>.scw.cloud',
  's3.<[a-z-]+>(.io|.perf)?.cloud.ovh.(net|us)',
  's3.(direct.|private.)?<[a-z]{2}(-[a-z]+)?|[a-z]{3}[0-9]{2}>.cloud-object-storage.appdomain.cloud',
  'sos-<[a-z]{2}-[a-z]+-[0-9]>.exo.io',
  '[a-z0-9]+.compat.objectstorage.<[a-z-]+-[0-9]>.(oraclecloud|oci.customer-oci).com',
];
