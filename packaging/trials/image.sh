# No network. The image's layers, without a program for containers: as its user, with its settings.
mkdir /image
tar xzf /in/reportgen-*-image-base.tar.gz -C /image
tar xzf /in/reportgen-*-linux-x86_64.tar.gz -C /image/opt
cp /in/105-12-25.xlsx /image/data/
recipe=/in/checkout/packaging/container/Containerfile
settings=$(sed -n 's/^ENV //p' $recipe)
command=$(sed -n 's/^ENTRYPOINT \[\(.*\)\]$/\1/p' $recipe | tr -d '",')

# What every program for containers gives.
mkdir /image/proc /image/dev
mount -t proc proc /image/proc
cp -a /dev/null /dev/zero /dev/urandom /image/dev/

run() { env -i PATH="$PATH" $settings chroot --userspec=65532:65532 /image $command "$@"; }
run --version
run build /data/105-12-25.xlsx --output /data/output --format pdf,docx,html
cp -r /image/data/output/* /out/
