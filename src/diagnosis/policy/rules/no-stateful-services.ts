import { containersOf } from '../pods.js';
import { definePolicyRule } from '../rule.js';

/** Last part of the image's name → what it is. */
const SERVERS: readonly (readonly [RegExp, string])[] = [
  [/^(postgres|postgresql|postgis|timescaledb)(-ha|-repmgr)?$/, 'PostgreSQL'],
  [/^(mysql|mariadb|percona|proxysql)(-server|-galera)?$/, 'MySQL or MariaDB'],
  [/^(redis|valkey|keydb)(-server|-cluster|-sentinel|-stack|-stack-server)?$/, 'Redis'],
  [/^rabbitmq(-server)?$/, 'RabbitMQ'],
  [/^minio$/, 'MinIO'],
  [/^(mongo|mongodb)(-community-server)?$/, 'MongoDB'],
  [/^(elasticsearch|opensearch)$/, 'a search engine'],
  [/^(kafka|cp-kafka)$/, 'Kafka'],
];

const nameOf = (image: string): string => {
  const [path = ''] = image.split('@');
  return (path.split('/').at(-1) ?? '').split(':')[0] ?? '';
};

const serverOf = (image: unknown): string | undefined =>
  typeof image === 'string' ? SERVERS.find(([pattern]) => pattern.test(nameOf(image)))?.[1] : undefined;

export const noStatefulServices = definePolicyRule({
  code: 'no-stateful-services',
  title: 'Databases, queues and object stores stay outside the cluster',
  explain: `The stateful services have machines of their own, with replication, backups and people who know them. A second one in the cluster has none of
that, keeps its data on one node's disk, and is soon the one that is used.`,
  fix: 'use the service outside: declare it in spec.externalServices and refer to it',
  check: (object) =>
    containersOf(object).flatMap(({ path, name, main, fields: { image } }) => {
      const server = main ? serverOf(image) : undefined;
      return server === undefined
        ? []
        : [{ path: [...path, 'image'], text: `container ${name} is ${server}` }];
    }),
});
