//! A drawing as files: PDF, TIFF, PNG and outlined SVG say the same, with its size and title, and nothing of the time.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::thread;

use comity::figure::{self, Drawing, FigureError};
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

use super::{context, funnel_table, gallery, wide};

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

fn funnel() -> Drawing {
    figure::funnel(&funnel_table(1512.0), &context()).expect("a funnel")
}

/// Width, height and RGB of a PNG.
fn png_pixels(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().expect("it is PNG");
    let mut rgb = vec![0; reader.output_buffer_size().expect("it fits memory")];
    let frame = reader.next_frame(&mut rgb).expect("it is whole");
    (frame.width, frame.height, rgb)
}

#[test]
fn a_pdf_has_the_size_of_its_drawing_and_carries_its_fonts_and_words() {
    for (name, drawing) in gallery(&context()) {
        let bytes = figure::pdf(&drawing).expect(name);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/figure-preview");
        fs::create_dir_all(&folder).expect("a folder for previews");
        fs::write(folder.join(format!("{name}.pdf")), &bytes).expect("a preview");
        assert!(bytes.starts_with(b"%PDF-1."), "{name}");
        let (width, height) = (drawing.sheet.width as f32, drawing.sheet.height as f32);
        assert!(holds(&bytes, &format!("/MediaBox[0 0 {width} {height}]")), "{name}: {width} x {height}");
        assert!(holds(&bytes, "/FontFile2 ") && holds(&bytes, "/ToUnicode "), "{name}");
        assert!(holds(&bytes, "+LiberationSans"), "{name}: a subset has a tag and a plus before its name");
        assert!(holds(&bytes, concat!("comity ", env!("CARGO_PKG_VERSION"))), "{name}");
        assert!(holds(&bytes, &drawing.title), "{name}: {}", drawing.title);
        for clock in ["CreationDate", "ModDate", "CreateDate", "ModifyDate"] {
            assert!(!holds(&bytes, clock), "{name} says {clock}");
        }
        assert!(bytes.len() < 200_000, "{name}: {} bytes, fonts not subset?", bytes.len());
    }
}

#[test]
fn files_of_a_drawing_are_the_same_on_every_thread() {
    let make = || {
        let drawing = funnel();
        let outlined = figure::outlined(&drawing).expect("outlines").into_bytes();
        let pixels = [figure::png(&drawing, 150).expect("pixels"), figure::tiff(&drawing, 150).expect("pixels")];
        [figure::pdf(&drawing).expect("a page"), outlined].into_iter().chain(pixels).collect::<Vec<_>>()
    };
    let here = make();
    let threads: Vec<_> = (0..3).map(|_| thread::spawn(make)).collect();
    for thread in threads {
        assert!(thread.join().expect("it ends") == here);
    }
}

#[test]
fn a_tiff_has_the_pixels_of_the_png_with_resolution_and_title() {
    let mut drawing = funnel();
    drawing.title = "Cases – by stage, “Việt Nam”".to_owned();
    let bytes = figure::tiff(&drawing, 600).expect("pixels");
    let mut reader = Decoder::new(Cursor::new(&bytes)).expect("it is TIFF");
    let (width, height, rgb) = png_pixels(&figure::png(&drawing, 600).expect("pixels"));
    assert_eq!(reader.dimensions().expect("it has a size"), (width, height));
    assert!(width.abs_diff(2835) <= 1, "120 mm at 600 dpi is 2835 pixels, not {width}");
    assert_eq!(reader.colortype().expect("it has colours"), tiff::ColorType::RGB(8));
    let value = |reader: &mut Decoder<_>, tag| reader.get_tag(tag).expect("the tag is there");
    assert_eq!(value(&mut reader, Tag::ResolutionUnit).into_u16().expect("a number"), 2, "inches");
    for tag in [Tag::XResolution, Tag::YResolution] {
        assert_eq!(value(&mut reader, tag), tiff::decoder::ifd::Value::Rational(600, 1));
    }
    assert_eq!(value(&mut reader, Tag::Compression).into_u16().expect("a number"), 5, "LZW");
    let title = value(&mut reader, Tag::ImageDescription).into_string().expect("words");
    assert_eq!(title, "Cases - by stage, \"Vi?t Nam\"");
    let DecodingResult::U8(pixels) = reader.read_image().expect("it is whole") else { panic!("eight bits a colour") };
    assert!(pixels == rgb, "TIFF and PNG differ");
}

#[test]
fn outlines_need_no_font_and_look_the_same() {
    for (name, drawing) in gallery(&context()) {
        let outlined = figure::outlined(&drawing).expect(name);
        assert!(!outlined.contains("<text") && !outlined.contains("font-family"), "{name}");
        let head = |svg: &str| svg.split_once("</desc>").map(|(head, _)| head.to_owned());
        assert_eq!(head(&outlined), head(&drawing.svg), "{name}");
        let (width, height, text) = png_pixels(&figure::png(&drawing, 200).expect(name));
        let drawn = Drawing { svg: outlined, ..drawing };
        let (same_width, same_height, paths) = png_pixels(&figure::png(&drawn, 200).expect(name));
        assert_eq!((width, height), (same_width, same_height), "{name}");
        let far = text.iter().zip(&paths).filter(|(left, right)| left.abs_diff(**right) > 64).count();
        assert!(far * 1000 < text.len(), "{name}: {far} of {} values are far off", text.len());
    }
}

#[test]
fn a_picture_too_large_to_paint_is_refused_with_its_memory_and_a_way_out() {
    let drawing = figure::funnel(&funnel_table(10.0), &wide(1000.0)).expect("a wide funnel");
    for error in [figure::png(&drawing, 2400), figure::tiff(&drawing, 2400)] {
        let Err(FigureError::Raster { reason }) = error else { panic!("a metre at 2400 dpi is too large") };
        assert!(reason.starts_with("at 2400 dpi the picture has 94488 by "), "{reason}");
        let (_, fitting) = reason.split_once("ask for ").expect("it says what fits");
        let fitting: u32 = fitting.split(' ').next().and_then(|dpi| dpi.parse().ok()).expect("a resolution");
        assert!((600..2400).contains(&fitting), "{reason}");
    }
    assert!(figure::tiff(&drawing, 29).is_err());
}
