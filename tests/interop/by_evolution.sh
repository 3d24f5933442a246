#!/usr/bin/env bash
# Runs Evolution Data Server with by_evolution.py, which prints what it shows of calendar files. The first argument is the
# folder with its unpacked packages, and what they need is on the path. It gets a session bus, settings and folders of its
# own, and only the backend for subscriptions.
set -euo pipefail

debian=$1
shift
driver=$(dirname "$0")/by_evolution.py
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work"/{services,modules,schemas,none}

for service in Calendar8 Sources5; do
  sed "s|^Exec=|&$debian|; /^SystemdService/d" "$debian/usr/share/dbus-1/services/org.gnome.evolution.dataserver.$service.service" \
    >"$work/services/$service.service"
done
cat >"$work/bus.conf" <<END
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=$work</listen>
  <auth>EXTERNAL</auth>
  <servicedir>$work/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="max_match_rules_per_connection">50000</limit>
</busconfig>
END
cp "$debian"/usr/share/glib-2.0/schemas/*.xml "$work/schemas"
compile=$(find "$debian/usr" /usr/lib /usr/bin -name glib-compile-schemas -type f -print -quit 2>/dev/null || true)
[ -n "$compile" ] || { echo "neither this machine nor Evolution's packages have glib-compile-schemas" >&2; exit 1; }
"$compile" "$work/schemas"
cp "$debian/usr/lib/evolution-data-server/calendar-backends/libecalbackendhttp.so" "$work/modules"

GI_TYPELIB_PATH=$(find "$debian" -name girepository-1.0 -type d)
export GI_TYPELIB_PATH
export GIO_EXTRA_MODULES="$work/none" EDS_REGISTRY_MODULES="$work/none" EDS_CAMEL_PROVIDER_DIR="$work/none"
export EDS_CALENDAR_MODULES="$work/modules"
export EDS_SUBPROCESS_CAL_PATH="$debian/usr/libexec/evolution-calendar-factory-subprocess"
export GSETTINGS_SCHEMA_DIR="$work/schemas" GSETTINGS_BACKEND=memory
export XDG_CONFIG_HOME="$work/config" XDG_DATA_HOME="$work/data" XDG_CACHE_HOME="$work/cache"
export PYTHONPATH="$debian/usr/lib/python3/dist-packages"
python=/usr/bin/python3
[ -x "$python" ] || python="$debian$python"

# What the services log is shown only when something fails.
dbus-run-session --config-file="$work/bus.conf" -- "$python" "$driver" "$@" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
