/* python3.dll: every function of the stable ABI is forwarded to python311.dll by python3.def. */
int __stdcall DllMain(void *module, unsigned reason, void *reserved) { return 1; }
