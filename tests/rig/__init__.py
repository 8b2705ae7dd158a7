"""The rig: a real HTTP emulator of AWS, and in front of it a proxy that fails on demand."""
