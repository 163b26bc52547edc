/* python.exe with a manifest: UTF-8 for the C libraries, which open files by char*, and long paths. */
#include <wchar.h>
__declspec(dllimport) int Py_Main(int argc, wchar_t **argv);
int wmain(int argc, wchar_t **argv) { return Py_Main(argc, argv); }
