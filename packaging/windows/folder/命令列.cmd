@echo off
rem A command line where "reportgen" is known.
set "PATH=%~dp0;%PATH%"
set "work=%USERPROFILE%\Documents\reportgen"
if not exist "%work%" mkdir "%work%"
cd /d "%work%"
cmd /k reportgen --help
