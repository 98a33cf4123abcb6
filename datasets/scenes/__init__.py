"""Rendered accident scenes: cars, a street and cameras by code, for the example cases.

Pure parts (body curves, paint, plates, EXIF, camera look) need numpy, scipy, Pillow and OpenCV; only `blender`,
`car_model`, `fittings`, `street`, `greenery`, `truth` and `render_demo` need Blender's Python module (``bpy`` 5.0).
"""
