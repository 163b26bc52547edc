# No network, no package beside minbase's.
[ "$(tail -n +3 /proc/net/dev | grep -cv '^ *lo:')" -eq 0 ]
mkdir "/opt/王小明 的文件"
cd "/opt/王小明 的文件"
tar xzf /in/reportgen-*-linux-x86_64.tar.gz
cd reportgen-*
./reportgen doctor
./reportgen build /in/105-12-25.xlsx --output /tmp/first --format pdf,docx,html

# Renamed and moved, read-only, started by a link, for a user without a home.
mv "/opt/王小明 的文件" "/srv/another place"
chmod -R a-w "/srv/another place"
ln -s "/srv/another place"/reportgen-*/reportgen /usr/local/bin/reportgen
chmod 777 /out
cd /tmp
chroot --userspec=65534:65534 / env HOME=/nonexistent \
    reportgen build /in/105-12-25.xlsx --output /out --format pdf,docx,html
diff -r /tmp/first /out
