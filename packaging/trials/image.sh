# No network. The image's layers, without a program for containers: as its user, with its settings.
mkdir /image
tar xzf /in/reportgen-*-image-base.tar.gz -C /image
tar xzf /in/reportgen-*-linux-x86_64.tar.gz -C /image/opt
cp /in/105-12-25.xlsx /image/data/
recipe=/in/checkout/packaging/container/Containerfile
settings=$(sed -n 's/^ENV //p' $recipe)
command=$(sed -n 's/^ENTRYPOINT \[\(.*\)\]$/\1/p' $recipe | head -n 1 | tr -d '",')

# What every program for containers gives.
mkdir /image/proc /image/dev
mount -t proc proc /image/proc
cp -a /dev/null /dev/zero /dev/urandom /image/dev/

run() { env -i PATH="$PATH" $settings chroot --userspec=65532:65532 /image $command "$@"; }
run --version
run build /data/105-12-25.xlsx --output /data/output --format pdf,docx,html
cp -r /image/data/output/* /out/

# The server's command, and its health check, which fails before, with no network but loopback.
python=/opt/reportgen/python/bin/python3.11
loopback='import fcntl, socket, struct
SIOCSIFFLAGS, UP = 0x8914, 1
fcntl.ioctl(socket.socket(), SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", UP))'
chroot /image $python -c "$loopback"
entry=$(sed -n 's/^ENTRYPOINT \[\(.*\)\]$/\1/p' $recipe | tail -n 1 | tr -d '",')
healthy() {
    check=$(sed -n 's/^HEALTHCHECK .*"-c", "\(.*\)"\]$/\1/p' $recipe)
    chroot --userspec=65532:65532 /image $python -c "$check" 2>/dev/null
}
if healthy; then exit 1; fi
# shellcheck disable=SC2086  # words
env -i PATH="$PATH" $settings REPORTGEN_PASSWORD=secret chroot --userspec=65532:65532 /image $entry >/link 2>/log &
server=$!
tries=0
until healthy; do
    tries=$((tries + 1))
    [ $tries -lt 60 ] || { cat /log && exit 1; }
    sleep 1
done
grep "^http://127.0.0.1:8000/start/" /link
kill $server
wait $server
ls /image/state
