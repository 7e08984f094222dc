// A fragment of an MSBuild task, used by LibTorch.targets: marks a version that an ELF file needs of another library as
// weak (VER_FLG_WEAK), so that a system whose library is older loads it all the same. Safe only where no symbol of that
// version is used. Fails unless there is exactly one such need.
byte[] data = System.IO.File.ReadAllBytes(Source);
int U16(long at) => BitConverter.ToUInt16(data, (int)at);
uint U32(long at) => BitConverter.ToUInt32(data, (int)at);
long U64(long at) => (long)BitConverter.ToUInt64(data, (int)at);
const uint VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
long sections = U64(0x28);
int sectionSize = U16(0x3A), sectionCount = U16(0x3C), marked = 0;
for (int i = 0; i < sectionCount; i++)
{
    long section = sections + (i * sectionSize);
    if (U32(section + 4) != VersionNeeds)
    {
        continue;
    }

    long names = U64(sections + (sectionSize * U32(section + 40)) + 24);
    for (long need = U64(section + 24), next = 1; next != 0; need += next)
    {
        next = U32(need + 12);
        long version = need + U32(need + 8);
        for (int left = U16(need + 2); left > 0; left--, version += U32(version + 12))
        {
            long start = names + U32(version + 8), end = start;
            while (data[end] != 0)
            {
                end++;
            }

            if (System.Text.Encoding.ASCII.GetString(data, (int)start, (int)(end - start)) == Version)
            {
                data[version + 4] |= 2;
                marked++;
            }
        }
    }
}

if (marked != 1)
{
    Log.LogError("{0} needs {1} {2} times where one was expected", Source, Version, marked);
    return false;
}

System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Target));
System.IO.File.WriteAllBytes(Target, data);
