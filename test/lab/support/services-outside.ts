import { rootOn } from './cluster.js';

interface Where {
  readonly lab: string;
  readonly host: string;
  readonly folder: string;
}

/** Debian has no MinIO: this answers its health page over TLS, and refuses everything else as it does. */
const MINIO = `
import http.server, ssl
class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        self.send_response(200 if self.path == '/minio/health/live' else 403)
        self.send_header('Content-Length', '0')
        self.end_headers()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('/etc/minio/cert.pem', '/etc/minio/key.pem')
server = http.server.ThreadingHTTPServer(('', 9000), Page)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
`;

/** Real servers of Debian, listening for others. PostgreSQL has a certificate of a CA of its own, which `address` leads to. */
const script = (address: string): string => `
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io postgresql redis-server rabbitmq-server mariadb-server
cd /etc/ssl/private
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 60 -subj '/CN=Databases CA' -keyout ca.key -out ca.crt
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=postgres' -keyout pg.key -out pg.csr
printf 'subjectAltName=IP:${address}\\n' >san
openssl x509 -req -in pg.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 60 -extfile san -out pg.crt
mkdir -p /etc/minio && openssl req -newkey rsa:2048 -nodes -subj '/CN=minio' -keyout /etc/minio/key.pem -out minio.csr
openssl x509 -req -in minio.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 60 -extfile san -out /etc/minio/cert.pem
echo '${Buffer.from(MINIO).toString('base64')}' | base64 -d >/etc/minio/minio.py
systemd-run --quiet --unit=minio python3 /etc/minio/minio.py
mkdir -p /etc/postgresql-tls && cp pg.key pg.crt ca.crt /etc/postgresql-tls && chown -R postgres /etc/postgresql-tls && chmod 600 /etc/postgresql-tls/pg.key
cat >>/etc/postgresql/17/main/postgresql.conf <<END
listen_addresses = '*'
ssl = on
ssl_cert_file = '/etc/postgresql-tls/pg.crt'
ssl_key_file = '/etc/postgresql-tls/pg.key'
END
printf 'bind 0.0.0.0\\nrequirepass not-a-secret\\n' >>/etc/redis/redis.conf
sed -i 's/^bind-address.*/bind-address = 0.0.0.0/' /etc/mysql/mariadb.conf.d/50-server.cnf
systemctl restart postgresql redis-server mariadb
mariadb -e "CREATE USER 'shop'@'%' IDENTIFIED BY 'not-a-secret'"
systemd-run --quiet --unit=cache redis-server --port 6380 --bind 0.0.0.0 --protected-mode no --save ''
`;

/**
 * PostgreSQL, Redis (with a password on 6379, without on 6380), RabbitMQ, MariaDB and what answers like MinIO on an external
 * host; gives the CA of the certificates of PostgreSQL and MinIO.
 */
export const installServices = async ({ lab, host, folder }: Where, address: string): Promise<string> => {
  await rootOn(lab, host, `{ set -e; ${script(address)} } >/root/services.log 2>&1`, folder);
  return rootOn(lab, host, 'cat /etc/postgresql-tls/ca.crt', folder);
};
