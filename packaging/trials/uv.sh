# network
apt-get update -qq
apt-get install -qq --no-install-recommends python3 pipx \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-cns11643-kai fonts-liberation \
    >/dev/null 2>&1
pipx install uv
~/.local/bin/uv tool install --no-python-downloads /in/reportgen-*.whl
~/.local/bin/reportgen doctor
~/.local/bin/reportgen build /in/105-12-25.xlsx --output /out --format pdf,docx,html
