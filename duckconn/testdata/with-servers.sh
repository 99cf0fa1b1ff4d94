#!/usr/bin/env bash
# Runs a command with a PostgreSQL and a MariaDB server of its own on loopback, and
# stops them after. Their addresses are in STNB_TEST_POSTGRES and STNB_TEST_MYSQL.
# As root on Debian the servers are installed when they are missing; elsewhere they
# have to be there.
set -euo pipefail

need() { PATH="$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' :)" command -v "$1"; }
if ! need initdb >/dev/null || ! need mariadbd >/dev/null; then
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		apt-get install -y -q postgresql mariadb-server >/dev/null || { apt-get update -q >/dev/null && apt-get install -y -q postgresql mariadb-server >/dev/null; }
	else
		echo "with-servers.sh: install postgresql and mariadb-server first" >&2
		exit 1
	fi
fi

dir=$(mktemp -d)
chmod 755 "$dir"
# The servers refuse to run as root.
as() { local user=$1; shift; if [ "$(id -u)" = 0 ]; then runuser -u "$user" -- "$@"; else "$@"; fi; }
owned() { mkdir -p "$dir/$1"; [ "$(id -u)" != 0 ] || chown "$2" "$dir/$1"; }
free() { shuf -i 20000-60000 -n 1; }
pgport=$(free) myport=$(free)

stop() {
	as postgres "$(need pg_ctl)" -D "$dir/pg/data" -m fast stop >/dev/null 2>&1 || true
	mariadb-admin --socket="$dir/my/socket" -u root shutdown >/dev/null 2>&1 || true
	rm -rf "$dir"
}
trap stop EXIT

owned pg postgres
as postgres "$(need initdb)" -D "$dir/pg/data" -A trust -U postgres >/dev/null
as postgres "$(need pg_ctl)" -D "$dir/pg/data" -w -l "$dir/pg/log" -o "-p $pgport -k $dir/pg -c listen_addresses=127.0.0.1" start >/dev/null

owned my mysql
as mysql mariadb-install-db --auth-root-authentication-method=normal --datadir="$dir/my/data" >/dev/null 2>&1
as mysql "$(need mariadbd)" --datadir="$dir/my/data" --port="$myport" --bind-address=127.0.0.1 --socket="$dir/my/socket" >"$dir/my.log" 2>&1 &
for _ in $(seq 100); do mariadb-admin --socket="$dir/my/socket" -u root ping >/dev/null 2>&1 && break; sleep 0.1; done
mariadb --socket="$dir/my/socket" -u root -e "create database pets; create user 'pets'@'%' identified by 'p@ss:w/rd'; create user 'pets'@'localhost' identified by 'p@ss:w/rd'; grant all on pets.* to 'pets'@'%'; grant all on pets.* to 'pets'@'localhost'"

export STNB_TEST_POSTGRES="postgres://postgres:none@127.0.0.1:$pgport/postgres"
export STNB_TEST_MYSQL="mysql://pets:p%40ss%3Aw%2Frd@127.0.0.1:$myport/pets"
"$@"
