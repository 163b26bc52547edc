@echo off
rem The page in the browser; closing this window ends it. Archive and output are in Documents.
set "work=%USERPROFILE%\Documents\reportgen"
if not exist "%work%" mkdir "%work%"
cd /d "%work%"
call "%~dp0reportgen.cmd" serve %*
if errorlevel 1 pause
