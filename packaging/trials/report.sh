# network
apt-get update -qq
apt-get install -qq --no-install-recommends make >/dev/null 2>&1
cd /in/checkout
make report
.venv/bin/reportgen build inputs/105-12-25.xlsx --output /out --format pdf,docx,html
for file in output/105-12-25/*; do cmp "$file" "/out/105-12-25/${file##*/}"; done
